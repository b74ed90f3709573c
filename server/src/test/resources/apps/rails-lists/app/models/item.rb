# A line of the list. Open pages learn of new ones, and of those that go.
class Item < ApplicationRecord
  validates :text, presence: true

  after_create_commit { Live.say("append", "items", ApplicationController.render(partial: "items/item", locals: { item: self })) }
  after_destroy_commit { Live.say("remove", "item_#{id}") }
end
