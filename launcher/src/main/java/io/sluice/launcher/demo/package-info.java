/**
 * A crawl that needs no network: {@link io.sluice.launcher.demo.DemoSite} invents a small web, the
 * same each time; {@link io.sluice.launcher.demo.DemoWeb} serves it on loopback and {@link
 * io.sluice.launcher.demo.DemoDns} resolves its names; {@link io.sluice.launcher.demo.DemoCrawl}
 * runs a real crawl over it and compares what was found with what there is.
 */
@NullMarked
package io.sluice.launcher.demo;

import org.jspecify.annotations.NullMarked;
