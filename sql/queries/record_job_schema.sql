insert into job_schema (version) values (%(version)s)
on conflict (version) do update set applied_at = now();
