insert into erasure_item (erasure_id, screening_id, class, basis, keep_until)
select %(erasure_id)s, item.screening_id, item.class, item.basis, item.keep_until
from unnest(%(screenings)s::uuid[], %(classes)s::text[], %(bases)s::text[], %(days)s::date[])
    as item (screening_id, class, basis, keep_until);
