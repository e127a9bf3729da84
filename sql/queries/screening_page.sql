-- The newest first. Ids begin with their time, so they are the order and the place to go on from: what is decided
-- meanwhile comes before the first page and moves nothing.
select
    screening.id, screening.reference, screening.decision, screening.stage, screening.as_of, screening.decided_at,
    screening.clauses, screening.lists,
    not exists (select from screening_private as private where private.screening_id = screening.id) as erased
from screening
where (%(before)s::uuid is null or screening.id < %(before)s::uuid)
    and (%(first)s::uuid is null or screening.id >= %(first)s::uuid)
    and (%(last)s::uuid is null or screening.id < %(last)s::uuid)
    and (%(since)s::timestamptz is null or screening.decided_at >= %(since)s::timestamptz)
    and (%(until)s::timestamptz is null or screening.decided_at < %(until)s::timestamptz)
    and (%(decision)s::text is null or screening.decision = %(decision)s::text)
order by screening.id desc
limit %(rows)s;
