-- The worst that happened on each day (UTC): failed, rejected, held, then what got through.
select distinct on (list_id, day)
    list_id, (at at time zone 'UTC')::date as day, outcome
from list_attempt
where at >= %(since)s::date::timestamp at time zone 'UTC'
    and (%(list_id)s::text is null or list_id = %(list_id)s)
order by
    list_id,
    day,
    array_position(array['failed', 'rejected', 'held', 'loaded', 'unchanged'], outcome);
