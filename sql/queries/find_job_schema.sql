-- Whether a queue of procrastinate is there, and the version of procrastinate that last made ours.
select
    to_regclass('public.procrastinate_jobs') is not null,
    (select version from job_schema order by applied_at desc limit 1);
