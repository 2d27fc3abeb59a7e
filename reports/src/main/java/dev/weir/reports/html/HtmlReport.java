package dev.weir.reports.html;

import dev.weir.reports.model.Report;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/** Writes a report as HTML. */
public final class HtmlReport {

  /** Where the build puts the compiled templates. */
  private static final String TEMPLATES = "dev.weir.reports.templates";

  private HtmlReport() {}

  /** The whole page. All text of the report is escaped, whatever it contains. */
  public static String render(Report report) {
    TemplateEngine engine =
        TemplateEngine.createPrecompiled(
            null, ContentType.Html, HtmlReport.class.getClassLoader(), TEMPLATES);
    StringOutput out = new StringOutput();
    engine.render("page.jte", new Page(report, engine), out);
    return out.toString();
  }
}
