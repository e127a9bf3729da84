-- The newest version of this very content that waits for approval or was refused.
select version, state
from list_held
where list_id = %(list_id)s and entries_digest = %(entries_digest)s and state in ('held', 'refused')
order by version desc
limit 1;
