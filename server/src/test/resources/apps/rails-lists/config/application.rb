require "rails"
require "active_record/railtie"
require "action_controller/railtie"

# A list. What differs from tenant to tenant comes with the environment.
class Lists < Rails::Application
  config.load_defaults 6.1
  config.eager_load = true
  config.cache_classes = true
  config.consider_all_requests_local = false
  config.secret_key_base = ENV.fetch("SECRET_KEY_BASE", "of no use but for migrations")
  config.active_record.dump_schema_after_migration = false
  config.log_level = :info
  config.logger = ActiveSupport::TaggedLogging.new(ActiveSupport::Logger.new($stdout))
  config.log_tags = [:request_id]

  # The application is mounted at the one, and its pages lie below the other.
  config.relative_url_root = ENV["RAILS_RELATIVE_URL_ROOT"].presence
  config.x.scope = ENV.fetch("RAILS_APP_SCOPE", "")
  home = [config.relative_url_root, config.x.scope.presence].compact.join("/")
  config.session_store :cookie_store, key: "_lists", path: home.presence || "/"

  config.x.owner = ENV.fetch("RAILS_APP_OWNER", "Nobody")
end
