-- Between a new version and its neighbours by published day. A version without a day counts by its loading.
with ordered as (
    select version, coalesce(published_on, (coalesce(fetched_at, loaded_at) at time zone 'UTC')::date) as day
    from list_version
    where list_id = %(list_id)s
),
place as (select day, version from ordered where version = %(version)s),
before as (
    select ordered.version from ordered, place
    where (ordered.day, ordered.version) < (place.day, place.version)
    order by ordered.day desc, ordered.version desc
    limit 1
),
after as (
    select ordered.version from ordered, place
    where (ordered.day, ordered.version) > (place.day, place.version)
    order by ordered.day, ordered.version
    limit 1
),
pair (since, version) as (
    select before.version, place.version from before, place
    union all
    select place.version, after.version from place, after
),
held as (
    select pair.since, pair.version, span.key,
        max(span.entry_id) filter (
            where span.from_version <= pair.since and (span.until_version is null or span.until_version > pair.since)
        ) as old,
        max(span.entry_id) filter (
            where span.from_version <= pair.version
                and (span.until_version is null or span.until_version > pair.version)
        ) as new
    from pair
    join list_span as span on span.list_id = %(list_id)s
    group by pair.since, pair.version, span.key
)
insert into list_change (list_id, since, version, added, removed, changed)
select
    %(list_id)s::text, since, version,
    count(*) filter (where old is null and new is not null),
    count(*) filter (where new is null and old is not null),
    count(*) filter (where old <> new)
from held
group by since, version
on conflict do nothing;
