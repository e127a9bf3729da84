-- Which of these contents the list held in some version.
select entry.hash
from unnest(%(keys)s::text[], %(hashes)s::bytea[]) as given (key, hash)
join list_entry as entry on entry.list_id = %(list_id)s and entry.key = given.key and entry.hash = given.hash;
