select
    list_id, version, sha256, entries, published_on, address, fetched_at, checked_at, complete, counts
from list_version
where list_id = %(list_id)s and (%(version)s::int is null or version = %(version)s)
order by version desc;
