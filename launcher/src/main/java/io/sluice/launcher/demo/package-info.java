/**
 * A crawl that needs no network: {@link io.sluice.launcher.demo.DemoSite} makes up a small web,
 * always the same; {@link io.sluice.launcher.demo.DemoWeb} serves it on loopback and {@link
 * io.sluice.launcher.demo.DemoDns} resolves its names; {@link io.sluice.launcher.demo.DemoCrawl}
 * runs a real crawl over it and compares the pages found with those that exist.
 */
@NullMarked
package io.sluice.launcher.demo;

import org.jspecify.annotations.NullMarked;
