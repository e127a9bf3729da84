-- Versions from the newest by published day, after the place (day, version) of a cursor, with what changed since the
-- version before. What was held and never approved is not part of the history.
with dated as (
    select
        version.version,
        coalesce(
            version.published_on, (coalesce(version.fetched_at, version.loaded_at) at time zone 'UTC')::date
        ) as day
    from list_version as version
    left join list_held as held using (list_id, version)
    where version.list_id = %(list_id)s and (held.state is null or held.state = 'approved')
),
ordered as (
    select version, day, lag(version) over (order by day, version) as since from dated
)
select
    version.list_id, version.version, version.sha256, version.entries, version.published_on, version.address,
    version.fetched_at, version.checked_at, version.complete, version.counts, version.left_out, version.loaded_at,
    active.activated_at, ordered.day, ordered.since, change.added, change.removed, change.changed
from ordered
join list_version as version on version.list_id = %(list_id)s and version.version = ordered.version
left join list_active as active on active.list_id = version.list_id and active.version = version.version
left join list_change as change
    on change.list_id = version.list_id and change.since = ordered.since and change.version = version.version
where %(before_day)s::date is null
    or (ordered.day, ordered.version) < (%(before_day)s::date, %(before_version)s::int)
order by ordered.day desc, ordered.version desc
limit %(rows)s;
