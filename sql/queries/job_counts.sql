select queue, status, jobs from job_counts();
