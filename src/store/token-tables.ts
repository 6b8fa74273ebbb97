/** Lists of hardware tokens; part of the tables in tables.ts. */
export interface TokenTables {
  token_file: {
    digest: string
    name: string | null
    /** JSON. */
    findings: string
    uploaded_by: string
    uploaded_at: number
  }
  hardware_token: {
    file: string
    line: number
    upn: string
    serial: string
    manufacturer: string
    model: string
    seconds: number
    hash: string
    sealed: string | null
    wiped_at: number | null
    is_wanted_again: 0 | 1
  }
}
