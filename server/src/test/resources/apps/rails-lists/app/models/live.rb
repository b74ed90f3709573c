require "net/http"

# Tells the pages that are open what has changed, by turbo streams over Marina's cable.
module Live
  STREAM = [ENV["RAILS_APP_DB"].presence, "items"].compact.join("-")

  # What pages subscribe to: with cable.secret a name that nobody else can make.
  def self.stream
    key = ENV["TURBO_CABLE_SIGNING_KEY"] or return STREAM
    ActiveSupport::MessageVerifier.new(key, digest: "SHA256", serializer: JSON).generate(STREAM)
  end

  def self.say(action, target, html = nil)
    url = ENV["TURBO_CABLE_BROADCAST_URL"] or return
    template = html && "<template>#{html}</template>"
    data = %(<turbo-stream action="#{action}" target="#{target}">#{template}</turbo-stream>)
    answer = Net::HTTP.post(URI(url), { stream: STREAM, data: data }.to_json, "Content-Type" => "application/json")
    Rails.logger.warn("broadcast: #{answer.code}") unless answer.is_a?(Net::HTTPSuccess)
  rescue SystemCallError => e
    Rails.logger.warn("broadcast: #{e.message}") # the item is kept all the same
  end
end
