-- The last bundle by this key, or by any where it is null.
select vkey, sequence, created_at, manifest_sha256
from list_bundle
where %(vkey)s::text is null or vkey = %(vkey)s
order by case when %(vkey)s::text is null then null else sequence end desc nulls last, created_at desc
limit 1;
