-- The version before one, by published day and then by number.
with ordered as (
    select
        version.version,
        lag(version.version) over (
            order by
                coalesce(
                    version.published_on,
                    (coalesce(version.fetched_at, version.loaded_at) at time zone 'UTC')::date
                ),
                version.version
        ) as before
    from list_version as version
    left join list_held as held using (list_id, version)
    where version.list_id = %(list_id)s and (held.state is null or held.state = 'approved')
)
select before from ordered where version = %(version)s and before is not null;
