package io.sluice.core.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Merges the scrapes of several processes into one, in Prometheus' text format 0.0.4. Each sample
 * gets the label {@code process}; the samples of a metric are together, below one {@code HELP} and
 * one {@code TYPE} line, which the format demands. Confined to its caller's thread.
 */
public final class ProcessScrapes {

  private static final String HELP = "# HELP ";
  private static final String TYPE = "# TYPE ";

  /** By the metric's name, in the order of their first lines. */
  private final Map<String, Family> families = new LinkedHashMap<>();

  /** Creates an empty scrape. */
  public ProcessScrapes() {}

  /** The lines of a metric. */
  private static final class Family {
    private String help = "";
    private String type = "";
    private final StringBuilder samples = new StringBuilder();
  }

  /**
   * Adds a process's scrape.
   *
   * @param process its name: letters, digits and hyphens
   * @param scrape as its registry made it: the samples of a metric follow its comments
   */
  public void add(String process, String scrape) {
    String label = "process=\"" + process + '"';
    Family family = null;
    for (String line : scrape.lines().toList()) {
      if (line.startsWith(HELP)) {
        family = family(line, HELP);
        family.help = family.help.isEmpty() ? line + '\n' : family.help;
      } else if (line.startsWith(TYPE)) {
        family = family(line, TYPE);
        family.type = family.type.isEmpty() ? line + '\n' : family.type;
      } else if (family != null && !line.isEmpty() && line.charAt(0) != '#') {
        addSample(family.samples, line, label);
      }
    }
  }

  private Family family(String comment, String begin) {
    int end = comment.indexOf(' ', begin.length());
    String name = comment.substring(begin.length(), end < 0 ? comment.length() : end);
    return families.computeIfAbsent(name, _ -> new Family());
  }

  private static void addSample(StringBuilder samples, String line, String label) {
    int end = 0;
    while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
      end++;
    }
    samples.append(line, 0, end).append('{').append(label);
    boolean labels = line.startsWith("{", end);
    if (labels) {
      samples.append(line.startsWith("}", end + 1) ? "" : ",").append(line, end + 1, line.length());
    } else {
      samples.append('}').append(line, end, line.length());
    }
    samples.append('\n');
  }

  /** The merged scrape. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Family family : families.values()) {
      text.append(family.help).append(family.type).append(family.samples);
    }
    return text.toString();
  }
}
