insert into list_version (
    list_id, version, sha256, published_on, address, files, fetched_at, checked_at, entries, counts, complete, left_out
)
select
    %(list_id)s::text, coalesce(max(version), 0) + 1, %(sha256)s::text, %(published_on)s::date,
    %(address)s::text, %(files)s::jsonb, %(fetched_at)s::timestamptz,
    %(checked_at)s::timestamptz, %(entries)s::int, %(counts)s::jsonb, %(complete)s::boolean,
    %(left_out)s::jsonb
from list_version
where list_id = %(list_id)s
returning version;
