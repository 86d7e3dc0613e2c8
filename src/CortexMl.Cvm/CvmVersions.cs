namespace CortexMl.Cvm;

/// <summary>Values of the symbol's <c>version</c>.</summary>
public static class CvmVersions
{
    /// <summary>Written by default: node_row_ptr, arg_nodes and dltype are checked by the runtime.</summary>
    public const string V100 = "cvm_1.0.0";

    /// <summary>The runtime computes node_row_ptr and arg_nodes itself and ignores dltype.</summary>
    public const string V110 = "cvm_1.1.0";
}
