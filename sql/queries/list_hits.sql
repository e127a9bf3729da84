-- For each list that screenings since a moment were compared with: how many those were, and how many cited a match
-- with it. ``dprk_clause`` is what a match with a DPRK listing of the United Nations is cited as.
select
    split_part(used, ':', 1) as list_id,
    count(*) as asked,
    count(*) filter (
        where clauses && array['LIST-' || split_part(used, ':', 1)]
            or split_part(used, ':', 1) = 'un_sc' and clauses && array[%(dprk_clause)s::text]
    ) as hit
from screening
cross join lateral unnest(lists) as used
where decided_at >= %(since)s
group by 1
order by 1;
