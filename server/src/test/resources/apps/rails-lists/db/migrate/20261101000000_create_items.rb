class CreateItems < ActiveRecord::Migration[6.1]
  def change
    create_table :items do |table|
      table.string :text, null: false
      table.timestamps
    end
  end
end
