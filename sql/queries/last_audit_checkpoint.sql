select size, root, note from audit_checkpoint where log = %(log)s order by size desc limit 1;
