-- Two people who sign one review at once do so one after the other.
select pg_advisory_xact_lock(hashtextextended('hirescreen review ' || %(id)s, 0));
