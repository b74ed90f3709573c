Rails.application.routes.draw do
  get "up", to: ->(env) { [200, { "Content-Type" => "text/plain" }, ["OK #{Item.count}"]] } # and the tables are there

  scope path: Rails.configuration.x.scope do
    root "items#index"
    resources :items, only: [:index, :create]
    delete "items", to: "items#clear", as: nil
  end
end
