update erasure_item
set state = settled.state, class = settled.class, basis = settled.basis, keep_until = settled.keep_until
from unnest(
    %(screenings)s::uuid[], %(states)s::text[], %(classes)s::text[], %(bases)s::text[], %(days)s::date[]
) as settled (screening_id, state, class, basis, keep_until)
where erasure_item.erasure_id = %(id)s and erasure_item.screening_id = settled.screening_id;
