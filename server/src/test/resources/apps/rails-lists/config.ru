require_relative "config/environment"

map(Rails.configuration.relative_url_root || "/") { run Rails.application }
