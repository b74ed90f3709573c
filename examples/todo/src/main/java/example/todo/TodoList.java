package example.todo;

import java.util.List;

/**
 * The whole list as it was at one moment.
 *
 * @param items newest first
 * @param database product and version that keep it, for the footer
 */
record TodoList(List<TodoItem> items, String database) {
    TodoList {
        items = List.copyOf(items);
    }

    long open() {
        return items.stream().filter(item -> !item.done()).count();
    }

    long done() {
        return items.size() - open();
    }
}
