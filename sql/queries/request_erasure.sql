insert into erasure (id, ground, case_reference, whole, requested_by, requested_account)
values (%(id)s, %(ground)s, %(case_reference)s, %(whole)s, %(requested_by)s, %(requested_account)s);
