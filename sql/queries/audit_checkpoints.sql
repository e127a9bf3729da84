select size, root, note from audit_checkpoint where log = %(log)s and size > %(after)s order by size limit %(most)s;
