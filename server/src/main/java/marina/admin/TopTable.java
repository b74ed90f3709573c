package marina.admin;

import java.util.List;
import java.util.function.UnaryOperator;

/** Columns of {@code top} within the width of a screen: the path gives way, and then the columns at the end. */
final class TopTable {
    private static final int LEAST_PATH = 12;
    private static final int GAP = 1;

    private final int[] widths;
    private final int columns;

    TopTable(List<List<String>> rows, int width) {
        int all = rows.get(0).size();
        widths = new int[all];
        for (List<String> row : rows) {
            for (int i = 0; i < all; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        int shown = all;
        while (shown > 1 && needed(shown) - widths[0] + Math.min(widths[0], LEAST_PATH) > width) {
            shown--;
        }
        columns = shown;
        widths[0] = Math.max(1, Math.min(widths[0], width - (needed(shown) - widths[0])));
    }

    private int needed(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += widths[i] + (i == 0 ? 0 : GAP);
        }
        return sum;
    }

    /** A row; texts to the left, numbers to the right. */
    String line(List<String> row, UnaryOperator<String> paint) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns; i++) {
            String cell = row.get(i);
            if (cell.length() > widths[i]) {
                cell = cell.substring(0, Math.max(0, widths[i] - 1)) + "~";
            }
            String space = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : " ").append(i < 3 ? paint.apply(cell) + space : space + cell);
        }
        return line.toString();
    }
}
