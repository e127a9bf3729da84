-- Content that this list never had before.
insert into list_entry (list_id, key, hash, body, record)
select %(list_id)s::text, key, hash, body, record
from incoming
where body is not null
on conflict (list_id, key, hash) do nothing;
