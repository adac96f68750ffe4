/**
 * Every resource has an owner. The code that opens one enters it in the {@link
 * io.sluice.core.resource.Ledger} and strikes it when it is closed; the {@link
 * io.sluice.core.resource.DescriptorCensus} reads what the kernel knows and finds the owner of each
 * descriptor: by the ledger, then by {@link io.sluice.core.resource.DescriptorRules}. The rest is
 * unattributed, which is a defect.
 */
@NullMarked
package io.sluice.core.resource;

import org.jspecify.annotations.NullMarked;
