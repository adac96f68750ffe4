package io.sluice.parser.markdown;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.Node;

/**
 * The rows of one table. GitHub's tables must have a header, which decides how many cells the
 * others have: it is the first row, made as long as the longest. Confined to one walk.
 */
final class TableNodes {

  private final List<TableRow> rows = new ArrayList<>();
  private boolean inCell;
  private int cells;
  private int mostCells;

  /** Whether content belongs to a cell. */
  boolean inCell() {
    return inCell;
  }

  void beginRow() {
    inCell = false;
    cells = 0;
    rows.add(new TableRow());
  }

  void beginCell() {
    if (rows.isEmpty()) {
      beginRow();
    }
    inCell = true;
  }

  /** Ends the current cell, whose content is in {@code runs}; does nothing if there is none. */
  void endCell(InlineRuns runs) {
    if (inCell) {
      TableCell cell = new TableCell();
      runs.moveInto(cell);
      rows.getLast().appendChild(cell);
      mostCells = Math.max(mostCells, ++cells);
      inCell = false;
    }
  }

  /** Appends the table to the document, unless it has no content. */
  void appendTo(Blocks blocks) {
    rows.removeIf(row -> row.getFirstChild() == null);
    if (rows.isEmpty()) {
      return;
    }
    TableBlock table = new TableBlock();
    TableHead head = new TableHead();
    table.appendChild(head);
    TableRow first = rows.getFirst();
    for (int count = length(first); count < mostCells; count++) {
      first.appendChild(new TableCell());
    }
    for (Node cell = first.getFirstChild(); cell != null; cell = cell.getNext()) {
      ((TableCell) cell).setHeader(true);
    }
    head.appendChild(first);
    if (rows.size() > 1) {
      TableBody body = new TableBody();
      rows.subList(1, rows.size()).forEach(body::appendChild);
      table.appendChild(body);
    }
    blocks.append(table);
  }

  private static int length(TableRow row) {
    int length = 0;
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      length++;
    }
    return length;
  }
}
