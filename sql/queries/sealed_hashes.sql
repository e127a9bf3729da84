select coalesce(string_agg(leaf_hash, ''::bytea order by leaf_index), ''::bytea)
from audit_leaf
where log = %(log)s and leaf_index >= %(start)s and leaf_index < %(stop)s
