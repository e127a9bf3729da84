select
    version.list_id, version.version, version.sha256, version.entries, version.published_on, version.address,
    version.fetched_at, version.checked_at, version.complete, version.counts, version.left_out,
    version.loaded_at, active.activated_at
from list_version as version
left join list_active as active using (list_id, version)
left join list_held as held using (list_id, version)
where version.list_id = %(list_id)s
    and version.version = %(version)s
    and (held.state is null or held.state = 'approved');
