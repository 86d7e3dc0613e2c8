namespace CortexMl.Ir;

/// <summary>The three levels of a graph; a row of the operator table says at which it is legal.</summary>
[Flags]
public enum Level
{
    None = 0,

    /// <summary><c>nn.*</c> operators on <c>f32</c>.</summary>
    Float = 1,

    /// <summary>Integer operators on <c>i&lt;p&gt;</c> values that carry a scale, and the abstract <c>quant.*</c> operators.</summary>
    Quant = 2,

    /// <summary>Only operators of the CVM, only integers; scales on graph inputs and outputs alone.</summary>
    Cvm = 4,

    Any = Float | Quant | Cvm,
}
