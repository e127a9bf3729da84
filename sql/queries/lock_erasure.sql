-- Two people who approve at once do so one after the other.
select state, whole, ground, requested_by, requested_account from erasure where id = %(id)s for update;
