-- How many versions of each list may be asked by: all but those that still wait for approval or never got it.
select version.list_id, count(*)
from list_version as version
left join list_held as held using (list_id, version)
where held.state is null or held.state = 'approved'
group by version.list_id
order by version.list_id;
