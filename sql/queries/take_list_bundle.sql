-- A bundle may be taken in again, for lists that did not get through the first time.
insert into list_bundle (vkey, sequence, created_at, manifest_sha256, taken_by)
values (%(vkey)s, %(sequence)s, %(created_at)s, %(manifest_sha256)s, %(taken_by)s)
on conflict (vkey, sequence) do nothing;
