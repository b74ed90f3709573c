# One process with a few threads: Marina starts it, says where it listens, and starts another one when it is gone.
threads 1, Integer(ENV.fetch("RAILS_MAX_THREADS", "3"))
