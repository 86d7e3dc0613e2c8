namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>
/// Kernels in PTX by hand: %rd1 and %rd2 are the addresses of what is read and of what is written, %r1 the thread, %r2 the block.
/// </summary>
internal static class PtxSnippet
{
    /// <param name="body">Statements and labels behind the prologue, to the last <c>ret;</c>.</param>
    /// <param name="arrays">Declarations of shared and local memory.</param>
    public static string Text(string body, string arrays = "", string target = "sm_80") => $$"""
        .version 7.0
        .target {{target}}
        .address_size 64

        .visible .entry Kernel(
            .param .b64 _param_0,
            .param .b64 _param_1
        )
        {
            {{arrays}}
            .reg .pred %p<9>;
            .reg .b16 %rs<9>;
            .reg .b32 %r<19>;
            .reg .b64 %rd<19>;
            ld.param.b64 %rd1, [_param_0];
            ld.param.b64 %rd2, [_param_1];
            mov.b32 %r1, %tid.x;
            mov.b32 %r2, %ctaid.x;
            {{body}}
        }
        """;

    /// <summary>The words that a kernel wrote.</summary>
    public static ulong[] Run(string text, int blocks, int threads, ulong[] input, int outputs, bool allowsNegative = false)
    {
        var space = new PtxSpace();
        var written = new PtxStorage(new byte[outputs * sizeof(ulong)], new PtxShadow(outputs * sizeof(ulong), "the launch"));
        written.Shadow!.Meet();
        byte[] read = new byte[input.Length * sizeof(ulong)];
        Buffer.BlockCopy(input, 0, read, 0, read.Length);
        byte[] parameters = [
            .. BitConverter.GetBytes(space.Add(new("x", new(read, null), 0, read.Length, IsWritable: false))),
            .. BitConverter.GetBytes(space.Add(new("y", written, 0, written.Data.Length, IsWritable: true))),
        ];
        PtxMachine.Run(new PtxLaunch(PtxParser.Parse(text), new(blocks), new(threads), parameters, space)
        {
            AllowsNegativeRemainders = allowsNegative,
        });
        ulong[] result = new ulong[outputs];
        Buffer.BlockCopy(written.Data, 0, result, 0, written.Data.Length);
        return result;
    }
}
