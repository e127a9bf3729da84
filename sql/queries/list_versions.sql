select
    version.list_id, version.version, sha256, entries, published_on, address, fetched_at, checked_at, complete, counts,
    left_out, loaded_at, activated_at
from list_version as version
left join list_active as active
    on active.list_id = version.list_id and active.version = version.version
where version.list_id = %(list_id)s
    and (
        version.version = %(version)s
        -- what was held and never approved is not part of the list's history
        or %(version)s::int is null and not exists (
            select from list_held as held
            where held.list_id = version.list_id and held.version = version.version and held.state <> 'approved'
        )
    )
order by version.version desc;
