class ItemsController < ApplicationController
  def index
    session[:visits] = session[:visits].to_i + 1
    @items = Item.order(:id)
  end

  def create
    item = Item.new(text: params.require(:item)[:text])
    cookies[:last] = { value: item.text, path: items_path, httponly: true, secure: request.ssl? }
    redirect_to root_path, (item.save ? { notice: "Added" } : { alert: item.errors.full_messages.to_sentence })
  end

  def clear
    Item.destroy_all
    redirect_to root_url, notice: "Cleared"
  end
end
