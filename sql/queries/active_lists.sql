select
    list_id, version, sha256, entries, published_on, address, fetched_at, checked_at, complete, counts,
    left_out, loaded_at, activated_at
from list_active
join list_version using (list_id, version)
order by list_id;
