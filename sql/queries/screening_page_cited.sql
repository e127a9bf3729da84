-- As screening_page, for those that cite a clause or rest on a list. Common ones are found among the newest; only
-- where those do not fill the page is the index asked for all, which is dear for common ones and cheap for rare ones.
with recent as materialized (
    select newest.id
    from (
        select id, decision, decided_at, clauses, lists
        from screening
        where (%(before)s::uuid is null or id < %(before)s::uuid)
            and (%(first)s::uuid is null or id >= %(first)s::uuid)
            and (%(last)s::uuid is null or id < %(last)s::uuid)
        order by id desc
        limit 10000
    ) as newest
    where (%(since)s::timestamptz is null or newest.decided_at >= %(since)s::timestamptz)
        and (%(until)s::timestamptz is null or newest.decided_at < %(until)s::timestamptz)
        and (%(decision)s::text is null or newest.decision = %(decision)s::text)
        and (%(clause)s::text is null or newest.clauses @> array[%(clause)s::text])
        and (%(lists)s::text[] is null or newest.lists && %(lists)s::text[])
    order by newest.id desc
    limit %(rows)s
),
every as materialized (
    select id
    from screening
    where (select count(*) from recent) < %(rows)s
        and (%(before)s::uuid is null or id < %(before)s::uuid)
        and (%(first)s::uuid is null or id >= %(first)s::uuid)
        and (%(last)s::uuid is null or id < %(last)s::uuid)
        and (%(since)s::timestamptz is null or decided_at >= %(since)s::timestamptz)
        and (%(until)s::timestamptz is null or decided_at < %(until)s::timestamptz)
        and (%(decision)s::text is null or decision = %(decision)s::text)
        and (%(clause)s::text is null or clauses @> array[%(clause)s::text])
        and (%(lists)s::text[] is null or lists && %(lists)s::text[])
),
wanted as materialized (
    select id from (select id from recent union select id from every) as found order by id desc limit %(rows)s
)
select
    screening.id, screening.reference, screening.decision, screening.stage, screening.as_of, screening.decided_at,
    screening.clauses, screening.lists,
    not exists (select from screening_private as private where private.screening_id = screening.id) as erased
from wanted
join screening using (id)
order by screening.id desc;
