package headgate.conf;

/**
 * How a deployment is provisioned, and how much of it there is.
 *
 * @param name the provisioning type
 * @param capacity thousands of tokens per minute for the standard names, throughput units for the provisioned ones; at
 *     least 1
 */
public record SkuConfig(Name name, int capacity) {
    /** The provisioning types of CONTRACT.md, section 1. */
    public enum Name {
        STANDARD("Standard"),
        GLOBAL_STANDARD("GlobalStandard"),
        DATA_ZONE_STANDARD("DataZoneStandard"),
        PROVISIONED_MANAGED("ProvisionedManaged"),
        GLOBAL_PROVISIONED_MANAGED("GlobalProvisionedManaged"),
        DATA_ZONE_PROVISIONED_MANAGED("DataZoneProvisionedManaged"),
        GLOBAL_BATCH("GlobalBatch"),
        DATA_ZONE_BATCH("DataZoneBatch"),
        DEVELOPER_TIER("DeveloperTier");

        private final String word;

        Name(String word) {
            this.word = word;
        }

        /** The name as it is written in a configuration and in answers. */
        public String word() {
            return word;
        }

        /** A Batch SKU cannot be called online. */
        public boolean batch() {
            return this == GLOBAL_BATCH || this == DATA_ZONE_BATCH;
        }

        /** Its capacity is a number of throughput units. */
        public boolean provisioned() {
            return this == PROVISIONED_MANAGED
                    || this == GLOBAL_PROVISIONED_MANAGED
                    || this == DATA_ZONE_PROVISIONED_MANAGED;
        }

        /** Its capacity is thousands of tokens per minute. */
        public boolean standard() {
            return !batch() && !provisioned();
        }
    }
}
