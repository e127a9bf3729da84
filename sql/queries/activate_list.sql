insert into list_active (list_id, version) values (%(list_id)s, %(version)s)
on conflict (list_id) do update set version = excluded.version, activated_at = now();
