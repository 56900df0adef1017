declare const PGTOP_VERSION: string;
