namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>An instruction that computes.</summary>
/// <param name="Types">The result's and the operands': p predicate, h 16 bits, w 32, d 64.</param>
/// <param name="IsSwapped">The machine's has its two operands the other way round.</param>
/// <param name="First">A constant before the operands.</param>
internal sealed record PtxRow(string Name, PtxOp Op, string Types, bool IsSwapped = false, ulong? First = null);

/// <summary>The instructions that our kernels compile to; all others are refused.</summary>
internal static class PtxRows
{
    public static IReadOnlyDictionary<string, PtxRow> Computing { get; } = new PtxRow[]
    {
        new("mov.b32", PtxOp.Move, "ww"), new("mov.b64", PtxOp.Move, "dd"),
        new("selp.b16", PtxOp.Select, "hhhp"), new("selp.b32", PtxOp.Select, "wwwp"), new("selp.b64", PtxOp.Select, "dddp"),

        new("add.s32", PtxOp.Add32, "www"), new("add.s64", PtxOp.Add64, "ddd"), new("add.u64", PtxOp.Add64, "ddd"),
        new("sub.s32", PtxOp.Subtract32, "www"), new("sub.s64", PtxOp.Subtract64, "ddd"),
        new("neg.s32", PtxOp.Subtract32, "ww", First: 0), new("neg.s64", PtxOp.Subtract64, "dd", First: 0),
        new("mul.lo.s32", PtxOp.Multiply32, "www"), new("mul.lo.s64", PtxOp.Multiply64, "ddd"),
        new("mul.wide.u32", PtxOp.MultiplyWide, "dww"), new("mad.lo.s32", PtxOp.MultiplyAdd32, "wwww"),
        new("dp4a.s32.s32", PtxOp.Dot4, "wwww"),
        new("div.s32", PtxOp.Divide32, "www"), new("div.s64", PtxOp.Divide64, "ddd"),
        new("rem.s32", PtxOp.Remainder32, "www"), new("rem.s64", PtxOp.Remainder64, "ddd"),
        new("min.s32", PtxOp.Least32, "www"), new("min.s64", PtxOp.Least64, "ddd"),
        new("max.s32", PtxOp.Greatest32, "www"), new("max.s64", PtxOp.Greatest64, "ddd"),

        new("and.b32", PtxOp.And, "www"), new("and.b64", PtxOp.And, "ddd"), new("and.pred", PtxOp.And, "ppp"),
        new("or.b32", PtxOp.Or, "www"), new("or.b64", PtxOp.Or, "ddd"), new("or.pred", PtxOp.Or, "ppp"),
        new("xor.b32", PtxOp.Xor, "www"), new("xor.b64", PtxOp.Xor, "ddd"),
        // The distance has 32 bits, whatever is shifted.
        new("shl.b32", PtxOp.ShiftLeft32, "www"), new("shl.b64", PtxOp.ShiftLeft64, "ddw"),
        new("shr.s32", PtxOp.ShiftRight32, "www"), new("shr.s64", PtxOp.ShiftRight64, "ddw"),

        new("setp.eq.s32", PtxOp.Equal, "pww"), new("setp.ne.s32", PtxOp.NotEqual, "pww"), new("setp.ne.u32", PtxOp.NotEqual, "pww"),
        new("setp.eq.s64", PtxOp.Equal, "pdd"), new("setp.ne.s64", PtxOp.NotEqual, "pdd"), new("setp.ne.u64", PtxOp.NotEqual, "pdd"),
        new("setp.lt.s32", PtxOp.Less32, "pww"), new("setp.lt.s64", PtxOp.Less64, "pdd"),
        new("setp.le.s32", PtxOp.LessOrEqual32, "pww"), new("setp.le.s64", PtxOp.LessOrEqual64, "pdd"),
        new("setp.gt.s32", PtxOp.Less32, "pww", IsSwapped: true), new("setp.gt.s64", PtxOp.Less64, "pdd", IsSwapped: true),
        new("setp.ge.s32", PtxOp.LessOrEqual32, "pww", IsSwapped: true), new("setp.ge.s64", PtxOp.LessOrEqual64, "pdd", IsSwapped: true),
    }.ToDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>Loads and stores by what stands between <c>ld</c> or <c>st</c> and the type.</summary>
    public static IReadOnlyDictionary<string, (PtxOp Load, PtxOp Store)> Spaces { get; } =
        new Dictionary<string, (PtxOp, PtxOp)>(StringComparer.Ordinal)
        {
            // Generic addresses: the machine takes those of global memory only.
            [""] = (PtxOp.LoadGlobal, PtxOp.StoreGlobal),
            [".shared"] = (PtxOp.LoadShared, PtxOp.StoreShared),
            [".local"] = (PtxOp.LoadLocal, PtxOp.StoreLocal),
        };

    public static int Bits(char type) => type switch { 'p' => 1, 'h' => 16, 'w' => 32, _ => 64 };
}
